// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import java.util.Arrays;

/** A script with everything one run of it needs. Arrays are not copied: made once, used once. */
@SuppressWarnings("ArrayRecordComponent") // made by a twin, read by the connection, never compared
record ScriptCall(Script script, String[] keys, String[] arguments) {

  /** The same with one key more, behind the others. */
  ScriptCall with(String key) {
    String[] more = Arrays.copyOf(keys, keys.length + 1);
    more[keys.length] = key;
    return new ScriptCall(script, more, arguments);
  }
}
