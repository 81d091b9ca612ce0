# siteglass_embed(OUT_C name FILES...): writes a C file that defines
#   const struct embedded_file NAME[] = { {path, bytes, size}, ..., {0} };
# from text files, so that one executable is all that must be carried along.

function(siteglass_embed out_c name base)
  set(files ${ARGN})
  add_custom_command(
    OUTPUT ${out_c}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out_c} -DNAME=${name} -DBASE=${base} "-DFILES=${files}"
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake
    VERBATIM)
endfunction()
