// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.IndexedVector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every vector of the channel {@code email}: it is read, its structure is the oracle's, and no
 * machine answers what must not be answered.
 */
class MailVectorsTest {

  /** What stands instead where the oracle (CPython 3.11) is no help on broken or hostile mail. */
  private static final Map<String, List<String>> INSTEAD =
      Map.of(
          // raw windows-1252 in a header, which the oracle gives up
          "mail-invalid_subject_characters subject",
          List.of("Formação FrenetikPolis: Mega Campanha Final Verão | Cursos de Setembro"),
          // a boundary with characters that need quotes and have none
          "mail-raw_email_with_illegal_boundary parts",
          List.of("multipart/alternative", "text/plain", "text/html"),
          // a message in base64, which the oracle does not decode
          "mime4j-bad-newlines-multiple-parts-base64 parts",
          List.of("message/rfc822", "multipart/mixed", "text/plain"),
          "mime4j-base64encoded-rfc822message-nested parts",
          List.of("message/rfc822", "message/rfc822", "text/plain"),
          // a name of a file is never a path
          "mime4j-badfile filenames",
          List.of("whoa"),
          "mime4j-multi-badnames filenames",
          List.of("bar", "foo bar", "foobar"),
          // filename==?koi8-r?…
          "mime4j-russian filenames",
          List.of("Список.doc"),
          "mime4j-russian-headers filenames",
          List.of("Список.doc"),
          // a line like the boundary without its last space, which is part of the boundary
          "mime4j-very-very-long-boundary parts",
          List.of("multipart/mixed", "text/plain"));

  private static final Set<String> REPORTS =
      Set.of("message/delivery-status", "message/feedback-report");

  static Stream<IndexedVector> vectors() throws IOException {
    return IndexedVector.of("email").stream();
  }

  @Test
  void files_areAllNamedByTheIndex() throws Exception {
    Set<String> named = new TreeSet<>();
    vectors().forEach(vector -> named.add(vector.file()));

    assertThat(IndexedVector.files("email", "")).isEqualTo(named);
    assertThat(vectors()).hasSize(80);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void vector_hasItsFacts(IndexedVector vector) throws Exception {
    MailPart root = MimeReader.read(vector.bytes().getBytes());
    MailHeaders headers = root.headers();
    String from =
        headers.addresses("From").stream().findFirst().map(MailHeaders.Address::address).orElse("");
    String subject = Subjects.oneLine(headers.text("Subject"));

    assertThat(withoutBlocks(root.walk().stream().map(MailPart::mimeType).toList()))
        .isEqualTo(withoutBlocks(oracle(vector, "parts")));
    assertThat(root.walk().stream().map(MailPart::fileName).filter(Objects::nonNull).toList())
        .isEqualTo(oracle(vector, "filenames"));
    assertThat(subject).isEqualTo(String.join("", oracle(vector, "subject")));
    boolean automatic = AutomaticMail.is(headers, from, null, subject, "support@acme.example");
    if (vector.facts().path("must_not_auto_reply").asBoolean() || vector.facts().has("class")) {
      assertThat(automatic).as("automatic").isTrue();
    }
  }

  private static List<String> oracle(IndexedVector vector, String fact) {
    List<String> instead = INSTEAD.get(vector.id() + " " + fact);
    if (instead != null) {
      return instead;
    }
    JsonNode value = vector.facts().path("python_oracle").path(fact);
    List<String> values = new ArrayList<>();
    value.forEach(one -> values.add(one.asText()));
    if (value.isTextual()) {
      values.add(value.asText());
    }
    return values;
  }

  /** The oracle makes a part of each block of fields in a report; we leave a report whole. */
  private static List<String> withoutBlocks(List<String> types) {
    List<String> whole = new ArrayList<>();
    boolean inReport = false;
    for (String type : types) {
      inReport = REPORTS.contains(type) || (inReport && type.equals("text/plain"));
      if (!inReport || REPORTS.contains(type)) {
        whole.add(type);
      }
    }
    return whole;
  }
}
