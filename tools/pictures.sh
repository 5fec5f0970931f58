#!/bin/sh
# Makes docs/images/*.webp from the pages of the embedded model. Needs Chromium; give another than
# /usr/bin/chromium with -Ddemur.chromium=PATH.
set -eu
cd "$(dirname "$0")/.."
mvn -B -q -pl app -am test -Dtests.exclude= -Dtests.groups=browser \
  -Dtest=PagesBrowserTest,PlaygroundBrowserTest,MeasureBrowserTest \
  -Dsurefire.failIfNoSpecifiedTests=false -Ddemur.pictures="$PWD/docs/images" "$@"
