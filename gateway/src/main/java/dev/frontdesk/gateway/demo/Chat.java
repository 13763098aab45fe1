// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

/** One customer on one channel. Used by one thread. */
@FunctionalInterface
interface Chat {

  /** Says something; what becomes of it is written to the {@link DemoBook}. */
  void say(String text);
}
