// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhoneAddressTest {

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "+13218775974,+13218775974",
        " 13218775974,+13218775974",
        "+1 (321) 877-5974,+13218775974",
        "+86 138 0013 8000,+8613800138000",
        "+44 (0)20 7946 0000,+442079460000",
        "whatsapp:+1 321 877 5974,whatsapp:+13218775974",
        "WhatsApp:+13218775974,whatsapp:+13218775974",
        "client:Alice,client:Alice",
        "sip:alice@example.com,sip:alice@example.com",
        "72345,72345",
        "ACME,ACME",
        "+1,+1"
      })
  void address_isWrittenInOneForm(String given, String normal) {
    assertThat(PhoneAddress.normalize(given)).isEqualTo(normal);
  }

  @ParameterizedTest
  @CsvSource({"anonymous,true", "Restricted,true", "+266696687,true", "+13218775974,false"})
  void address_ofAHiddenCaller_isKnown(String address, boolean hidden) {
    assertThat(PhoneAddress.isHidden(address)).isEqualTo(hidden);
  }
}
