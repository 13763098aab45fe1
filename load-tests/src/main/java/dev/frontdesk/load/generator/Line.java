// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import dev.frontdesk.connector.sandbox.Customer;
import java.time.Instant;

/**
 * How the contacts of one channel reach the gateway, and how it names what they send. In the forms
 * {@code %c} is the contact's id there, {@code %i} the message's number, {@code %p} that number
 * with 32 digits.
 *
 * @param path of the channel's webhook
 * @param contact in {@link String#format}'s form, with the contact's number
 * @param sent the message's id as the platform writes it
 * @param stored the id of it that the API shows
 * @param storedPicture the same of a picture
 */
record Line(
    String path,
    Customer customer,
    String contact,
    String sent,
    String stored,
    String storedPicture) {

  private static final String PICTURE = "https://pictures.example/";

  Call message(int person, String text, int id, Instant at) {
    String who = who(person);
    return new Call(
        path,
        customer.message(who, "Load " + person, text, filled(sent, who, id), at),
        filled(stored, who, id));
  }

  Call picture(int person, int id, Instant at) {
    String who = who(person);
    return new Call(
        path,
        customer.picture(who, "Load " + person, PICTURE + id + ".jpg", filled(sent, who, id), at),
        filled(storedPicture, who, id));
  }

  private String who(int person) {
    return String.format(java.util.Locale.ROOT, contact, person);
  }

  private static String filled(String form, String who, int id) {
    String number = Integer.toString(id);
    return form.replace("%c", who)
        .replace("%i", number)
        .replace("%p", "0".repeat(32 - number.length()) + number);
  }
}
