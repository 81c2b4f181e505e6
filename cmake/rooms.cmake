# One folder under src/ is one room: one static library and one test program. The link list below is the include
# matrix of the house (who may include whom); tests/include_matrix_test.cpp proves that the sources keep it.

# Without it ccache cannot see which precompiled header a source uses and caches nothing. The rest of what it needs stands
# in the presets' launcher, so that it also holds for a plain `ninja -C`, and for a second checkout of the same sources.
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
# Pango's flags bring it: the header must be compiled with the same, or it is not used.
add_compile_options(-pthread)

set(TINGAN_WARNINGS -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wold-style-cast
    -Wcast-qual -Woverloaded-virtual -Wno-missing-field-initializers)

function(tingan_options target)
  target_compile_options(${target} PRIVATE ${TINGAN_WARNINGS})
  if(TINGAN_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=address,undefined)
  endif()
  if(TINGAN_FUZZ)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
endfunction()

# For programs that shall be fast: decisions make many small short-lived objects, and this allocator costs a third less than
# the C library's (docs/performance.md). Not under the sanitizers, which bring their own.
function(tingan_fast_memory target)
  if(NOT TINGAN_SANITIZE)
    target_link_libraries(${target} PRIVATE mimalloc)
  endif()
endfunction()

# tingan_room(name DEPS room... LIBS library... [EXCLUDE regex]): the library `tingan_<name>` from all sources of the folder,
# and `<name>_test` from its *_test.cpp files. Slashes in the name become underscores.
function(tingan_room name)
  cmake_parse_arguments(ARG "" "" "DEPS;LIBS;TEST_DEPS" ${ARGN})
  string(REPLACE "/" "_" id ${name})
  set(lib tingan_${id})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  if(sources)
    add_library(${lib} STATIC ${sources})
    set(link PUBLIC)
    tingan_options(${lib})
    if(id STREQUAL "base")
      target_precompile_headers(${lib} PRIVATE ${CMAKE_SOURCE_DIR}/src/base/pch.h)
    else()
      target_precompile_headers(${lib} REUSE_FROM tingan_base)
    endif()
    target_include_directories(${lib} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  else()
    add_library(${lib} INTERFACE)
    set(link INTERFACE)
    target_include_directories(${lib} INTERFACE ${CMAKE_SOURCE_DIR}/src)
  endif()
  list(TRANSFORM ARG_DEPS PREPEND tingan_)
  list(TRANSFORM ARG_TEST_DEPS PREPEND tingan_)
  target_link_libraries(${lib} ${link} ${ARG_DEPS} ${ARG_LIBS})
  if(tests)
    add_executable(${id}_test ${tests})
    tingan_options(${id}_test)
    target_precompile_headers(${id}_test REUSE_FROM tingan_base)
    target_link_libraries(${id}_test PRIVATE ${lib} ${ARG_TEST_DEPS} GTest::gmock_main rapidcheck)
    add_test(NAME ${id} COMMAND ${id}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  endif()
endfunction()
