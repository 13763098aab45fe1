// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.field.address.LenientAddressParser;

/**
 * The headers of a mail or of one part, unfolded and not yet decoded, in order.
 *
 * @param fields name as written, value without line ends
 */
record MailHeaders(List<Field> fields) {

  /** One header. */
  record Field(String name, String value) {}

  private static final Pattern MESSAGE_ID = Pattern.compile("<([^<>\\s]{3,998})>");
  private static final Pattern ADDRESS =
      Pattern.compile("[^\\s<>,;:\"()@]{1,128}@[^\\s<>,;:\"()@]{1,255}");

  MailHeaders {
    fields = List.copyOf(fields);
  }

  /** The first value of that name, as written. */
  Optional<String> raw(String name) {
    return fields.stream()
        .filter(f -> f.name().equalsIgnoreCase(name))
        .map(Field::value)
        .findFirst();
  }

  boolean has(String name) {
    return raw(name).isPresent();
  }

  /** The first value of that name with its encoded words decoded; empty when there is none. */
  String text(String name) {
    return raw(name).map(MailHeaders::decoded).orElse("").strip();
  }

  /** The addresses of all headers of that name; what is no address is left out. */
  List<Address> addresses(String name) {
    List<Address> addresses = new ArrayList<>();
    fields.stream()
        .filter(f -> f.name().equalsIgnoreCase(name))
        .forEach(f -> addresses.addAll(parsed(f.value())));
    return addresses;
  }

  /** The message ids in a header, without their angle brackets; broken ones are left out. */
  List<String> ids(String name) {
    List<String> ids = new ArrayList<>();
    fields.stream()
        .filter(f -> f.name().equalsIgnoreCase(name))
        .forEach(
            f -> {
              Matcher matcher = MESSAGE_ID.matcher(f.value());
              while (matcher.find()) {
                ids.add(matcher.group(1));
              }
            });
    return ids;
  }

  /** Someone's address and the name that stood beside it, which may be empty. */
  record Address(String address, String name) {}

  private static List<Address> parsed(String value) {
    List<Address> addresses = new ArrayList<>();
    try {
      for (Mailbox mailbox : LenientAddressParser.DEFAULT.parseAddressList(value).flatten()) {
        if (mailbox.getAddress() != null && ADDRESS.matcher(mailbox.getAddress()).matches()) {
          String name = mailbox.getName() == null ? "" : decoded(mailbox.getName()).strip();
          addresses.add(new Address(mailbox.getAddress(), name));
        }
      }
    } catch (RuntimeException e) { // the parser's own failures are of several unchecked kinds
      addresses.clear();
    }
    if (addresses.isEmpty()) {
      Matcher matcher = ADDRESS.matcher(value);
      while (matcher.find()) {
        addresses.add(new Address(matcher.group(), ""));
      }
    }
    return addresses;
  }

  /**
   * The text of a value with encoded words (RFC 2047). Raw 8-bit characters in it have been read
   * already, see {@link MailCharsets#undeclared}.
   */
  static String decoded(String value) {
    if (!value.contains("=?")) {
      return value;
    }
    try {
      return DecoderUtil.decodeEncodedWords(
          koreanNamed(value), DecodeMonitor.SILENT, MailCharsets.WINDOWS, MailCharsets.SUPERSETS);
    } catch (RuntimeException e) { // IllegalArgumentException and what its codecs throw
      return value;
    }
  }

  private static final Pattern KOREAN =
      Pattern.compile("=\\?ks_c_5601(-1987)?\\?", Pattern.CASE_INSENSITIVE);

  private static String koreanNamed(String value) {
    return KOREAN.matcher(value).replaceAll("=?euc-kr?");
  }
}
