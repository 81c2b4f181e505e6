#include "app/verbs.h"

int main(int argc, char** argv) { return tingan::run_command_line(argc, argv); }
