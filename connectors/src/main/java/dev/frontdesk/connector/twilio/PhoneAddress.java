// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.Locale;
import java.util.Set;

/** Writes the addresses Twilio sends in one form, so that one person is one contact. */
final class PhoneAddress {

  /**
   * What stands in {@code From} when a caller hides the number
   * (https://help.twilio.com/articles/223179988): words, or those words on a keypad.
   */
  private static final Set<String> HIDDEN =
      Set.of(
          "anonymous",
          "restricted",
          "blocked",
          "unknown",
          "unavailable",
          "private",
          "+266696687",
          "+7378742833",
          "+2562533",
          "+8656696",
          "+86282452253");

  private static final String UNKNOWN_REGION = "ZZ";

  private PhoneAddress() {}

  /**
   * Loads what the first number costs (75 ms of processor time, against 3 ms for the first of each
   * further country), while settings are read and no event loop waits.
   */
  static void load() {
    String unused = normalize("+14155550100");
  }

  /**
   * E.164 if the address is a telephone number with its country; a short code, a name or an address
   * of another medium ({@code whatsapp:+44…}) stays, the number in it in E.164.
   */
  static String normalize(String address) {
    int colon = address.indexOf(':');
    String medium = colon < 0 ? "" : address.substring(0, colon + 1).toLowerCase(Locale.ROOT);
    String rest = address.substring(colon + 1);
    // a + that was not percent-encoded arrives as a space
    String number = rest.startsWith(" ") ? "+" + rest.strip() : rest.strip();
    if (!number.startsWith("+")) {
      return medium + (number.isEmpty() ? address : number);
    }
    try {
      PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
      return medium
          + numbers.format(
              numbers.parse(number, UNKNOWN_REGION), PhoneNumberUtil.PhoneNumberFormat.E164);
    } catch (NumberParseException e) {
      return medium + number;
    }
  }

  /** True if the caller hides: all hidden callers share one address, so it names nobody. */
  static boolean isHidden(String address) {
    return HIDDEN.contains(address.toLowerCase(Locale.ROOT));
  }
}
