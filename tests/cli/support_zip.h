/* Makes a zip of a folder's files. */
#ifndef SITEGLASS_TESTS_SUPPORT_ZIP_H
#define SITEGLASS_TESTS_SUPPORT_ZIP_H

/* `zip` gets the files of `folder` (not of folders below it), under `prefix`. */
void zip_folder(const char *zip, const char *folder, const char *prefix);

#endif
