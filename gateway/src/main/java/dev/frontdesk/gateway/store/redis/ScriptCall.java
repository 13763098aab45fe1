// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

/** A script with everything one run of it needs. Arrays are not copied: made once, used once. */
@SuppressWarnings("ArrayRecordComponent") // made by a twin, read by the connection, never compared
record ScriptCall(Script script, String[] keys, String[] arguments) {}
