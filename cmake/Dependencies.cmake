# Every library that siteglass needs, with the package that brings it. A
# missing one stops the configuration with its name on the common systems.

find_package(PkgConfig REQUIRED)

function(siteglass_library target module debian fedora alpine)
  pkg_check_modules(${target} QUIET IMPORTED_TARGET "${module}")
  if(NOT ${target}_FOUND)
    message(FATAL_ERROR
      "siteglass needs ${module}.\n"
      "  Debian, Ubuntu: apt-get install ${debian}\n"
      "  Fedora:         dnf install ${fedora}\n"
      "  Alpine:         apk add ${alpine}")
  endif()
endfunction()

siteglass_library(LIBXML2    "libxml-2.0>=2.9.10" libxml2-dev     libxml2-devel    libxml2-dev)
siteglass_library(LIBXSLT    "libxslt"            libxslt1-dev    libxslt-devel    libxslt-dev)
siteglass_library(LIBEXSLT   "libexslt"           libxslt1-dev    libxslt-devel    libxslt-dev)
siteglass_library(PCRE2      "libpcre2-8"         libpcre2-dev    pcre2-devel      pcre2-dev)
siteglass_library(LIBCRYPTO  "libcrypto>=1.1.1"   libssl-dev      openssl-devel    openssl-dev)
siteglass_library(LIBARCHIVE "libarchive>=3.4"    libarchive-dev  libarchive-devel libarchive-dev)
siteglass_library(JANSSON    "jansson>=2.10"      libjansson-dev  jansson-devel    jansson-dev)
if(BUILD_TESTING OR NOT DEFINED BUILD_TESTING)
  siteglass_library(CHECK    "check>=0.12"        check           check-devel      check-dev)
endif()

# Optional: Windows event logs as .evtx. Without it the ledger says how to export them.
option(SITEGLASS_EVTX "Read .evtx event logs when libevtx and libbfio are there" ON)
if(SITEGLASS_EVTX)
  pkg_check_modules(LIBEVTX QUIET IMPORTED_TARGET libevtx libbfio)
endif()

# Without it registry hives are named on the ledger and not read.
pkg_check_modules(HIVEX QUIET IMPORTED_TARGET hivex)
