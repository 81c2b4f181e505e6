# tingan_embed(target output file...): puts text files into the program, as api/embedded.h gives them. Rebuilt when one of
# them changes.
function(tingan_embed target output)
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE files)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${output})
  string(REPLACE ";" "|" joined "${files}")
  add_custom_command(
    OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${generated} -DFILES=${joined} -P ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    COMMENT "Embedding ${output}"
    VERBATIM)
  target_sources(${target} PRIVATE ${generated})
endfunction()
