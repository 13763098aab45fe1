# SPDX-License-Identifier: Apache-2.0
# Read by load-tests/run and load-tests/faults: builds what is absent or older than a source, goes to the project's
# folder and names the Java to run and the class path of the load tests.
# shellcheck shell=sh

home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
built=$home/load-tests/target/classes/built
class_path=$home/load-tests/target/classes:$home/gateway/target/frontdesk-all.jar

"$home/frontdesk" --version >/dev/null
if [ ! -f "$built" ] || [ -n "$(find "$home/load-tests/src/main" -newer "$built" -print 2>/dev/null | head -n 1)" ]; then
  (cd "$home" && mvn -q -B -Dquick -pl load-tests -am compile && touch "$built") >&2
fi
cd "$home"
