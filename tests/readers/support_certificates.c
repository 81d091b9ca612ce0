/* Certificates for the tests. */
#include "support_certificates.h"

#include "base/base64.h"

#include <check.h>
#include <string.h>

const char example_pem[] = "-----BEGIN CERTIFICATE-----\n"
                           "MIICnzCCAkagAwIBAgIGAICqu8zdMAoGCCqGSM49BAMCMIGOMQswCQYDVQQGEwJE\n"
                           "RTEPMA0GA1UECAwGQmF5ZXJuMR4wHAYDVQQKDBVDb250b3NvICJOb3J0aCIsIElu\n"
                           "Yy4xDDAKBgNVBAsMA1dlYjEdMBsGA1UEAwwUbWFpbC5jb250b3NvLmV4YW1wbGUx\n"
                           "ITAfBgkqhkiG9w0BCQEWEml0QGNvbnRvc28uZXhhbXBsZTAeFw0yNjExMjIxMDI5\n"
                           "NTdaFw0zNjExMTkxMDI5NTdaMIGOMQswCQYDVQQGEwJERTEPMA0GA1UECAwGQmF5\n"
                           "ZXJuMR4wHAYDVQQKDBVDb250b3NvICJOb3J0aCIsIEluYy4xDDAKBgNVBAsMA1dl\n"
                           "YjEdMBsGA1UEAwwUbWFpbC5jb250b3NvLmV4YW1wbGUxITAfBgkqhkiG9w0BCQEW\n"
                           "Eml0QGNvbnRvc28uZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABESD\n"
                           "lEAOht/czP2xHkmFXPM9JXt7LvuqPoW8XFmIz5BkcsvW0ekHjf/kuW1sr3ZaqNwU\n"
                           "qHwJjR/8tD74FxhOiSajgY0wgYowaQYDVR0RBGIwYIIUTWFpbC5Db250b3NvLkV4\n"
                           "YW1wbGWCESouY29udG9zby5leGFtcGxlhwQKAAAFhxAgAQ24AAAAAAAAAAAAAAAB\n"
                           "gRJpdEBjb250b3NvLmV4YW1wbGWGCWh0dHA6Ly94LzAdBgNVHQ4EFgQUrSYjLaqB\n"
                           "3u7N0keFt7bI3eohv+wwCgYIKoZIzj0EAwIDRwAwRAIgYa/LZbl3NOUh/9ZINY5c\n"
                           "PrGT4kWBndXmbCcKqO018qcCIAZLqysjml2ESTbINqpZAYhflgSNckuDwKttzcKP\n"
                           "4Um5\n"
                           "-----END CERTIFICATE-----\n";

const char leaf_pem[] = "-----BEGIN CERTIFICATE-----\n"
                        "MIIBoDCCAUYCAfswCgYIKoZIzj0EAwIwgY4xCzAJBgNVBAYTAkRFMQ8wDQYDVQQI\n"
                        "DAZCYXllcm4xHjAcBgNVBAoMFUNvbnRvc28gIk5vcnRoIiwgSW5jLjEMMAoGA1UE\n"
                        "CwwDV2ViMR0wGwYDVQQDDBRtYWlsLmNvbnRvc28uZXhhbXBsZTEhMB8GCSqGSIb3\n"
                        "DQEJARYSaXRAY29udG9zby5leGFtcGxlMB4XDTI2MTEyMjEwMjk1N1oXDTI2MTIy\n"
                        "MjEwMjk1N1owKTEKMAgGAyoDBAwBeDENMAsGA1UEAwwEbGVhZjEMMAoGA1UECwwD\n"
                        "dHdvMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAERIOUQA6G39zM/bEeSYVc8z0l\n"
                        "e3su+6o+hbxcWYjPkGRyy9bR6QeN/+S5bWyvdlqo3BSofAmNH/y0PvgXGE6JJjAK\n"
                        "BggqhkjOPQQDAgNIADBFAiBLALQlpYufeJErbyCIisiyOm0BOD/G20Z4Q5FgzYuz\n"
                        "EAIhAJmMQjVj3bTGHE/GVekPyhkN0x5OZAJmujJfdKAb8/Ra\n"
                        "-----END CERTIFICATE-----\n";

uint8_t *pem_bytes(const char *pem, size_t *size) {
  const char *start = strchr(pem, '\n');
  uint8_t *bytes = NULL;
  ck_assert(
      base64_decode((struct span){start, (size_t)(strstr(pem, "-----END") - start)}, &bytes, size));
  return bytes;
}
