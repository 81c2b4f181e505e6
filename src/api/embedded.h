// Files that stand in the program itself, put there at build time (cmake/embed.cmake).
#pragma once
#include <string_view>

namespace tingan::api {

// Empty: there is none of that name ("openapi.json", "index.html", "app.js", "app.css").
std::string_view embedded_file(std::string_view name);

}  // namespace tingan::api
