// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import java.time.Instant;

/** Speaks for the customers of one channel: makes the calls the platform would make for them. */
public interface Customer {

  /**
   * A message of a customer, signed.
   *
   * @param contactId the platform's id of the customer, in the platform's form
   * @param name the display name, where the platform sends one
   * @param externalId the platform's id of the message; the same id is the same message
   * @param at when it is sent and signed
   */
  InboundSample message(String contactId, String name, String text, String externalId, Instant at);

  /**
   * A picture of a customer, signed, without words.
   *
   * @param url where it is kept, in the platform's form if it gives one
   */
  InboundSample picture(String contactId, String name, String url, String externalId, Instant at);
}
