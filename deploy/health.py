"""Whether the product in this container answers: exit code 0 or 1, for the image's health check."""

import os
import sys
from http.client import HTTPConnection, HTTPException


def main() -> int:
    """Ask for the page that every visitor gets first."""
    connection = HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=4)
    try:
        connection.request("GET", "/")
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main())
