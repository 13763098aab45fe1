// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.classifier;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.OneOf;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.gateway.domain.Terms;
import dev.frontdesk.gateway.domain.Triage;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an outside classifier answers. The answer counts as a whole or not at all: every name
 * in it must be one of the configuration, as it must be in a rule. Stateless.
 */
final class AdviceReader {

  /** More than any answer needs. */
  static final int MAX_BYTES = 16_384;

  private static final int MAX_NAME = 64;
  private static final int MAX_TAGS = 16;
  private static final Map<String, Set<String>> WORDS =
      Arrays.stream(FrontdeskConfig.TriageSet.class.getRecordComponents())
          .filter(component -> component.isAnnotationPresent(OneOf.class))
          .collect(
              Collectors.toMap(
                  RecordComponent::getName,
                  component -> Set.of(component.getAnnotation(OneOf.class).value())));

  private AdviceReader() {}

  /**
   * The advice.
   *
   * @throws WebhookRejected with what is wrong
   */
  static Triage.Advice read(Buffer body, Terms terms) throws WebhookRejected {
    if (body.length() > MAX_BYTES) {
      throw WebhookRejected.malformed("larger than " + MAX_BYTES + " bytes");
    }
    JsonNode answer = StrictJson.object(body);
    return checked(
        new FrontdeskConfig.TriageSet(
            name(answer, "promise", terms.promises().keySet()),
            priority(answer),
            name(answer, "queue", terms.queues()),
            skills(answer, terms.skills()),
            name(answer, "category", WORDS.get("category")),
            name(answer, "complaint", WORDS.get("complaint")),
            language(answer),
            tags(answer)));
  }

  private static Triage.Advice checked(FrontdeskConfig.TriageSet set) {
    return new Triage.Advice(
        set.queue(),
        set.promise(),
        set.priority(),
        set.skills(),
        set.language(),
        set.category(),
        set.complaint(),
        set.tags());
  }

  private static @Nullable String name(
      JsonNode answer, String key, @Nullable Collection<String> known) throws WebhookRejected {
    String name = StrictJson.optionalText(answer, key, MAX_NAME);
    if (name != null && (known == null || !known.contains(name))) {
      throw WebhookRejected.malformed(key + " is not one of the configuration");
    }
    return name;
  }

  private static @Nullable Integer priority(JsonNode answer) throws WebhookRejected {
    Long priority = StrictJson.optionalLong(answer, "priority");
    if (priority != null && (priority < 1 || priority > 9)) {
      throw WebhookRejected.malformed("priority is " + priority + ", expected 1 to 9");
    }
    return priority == null ? null : priority.intValue();
  }

  private static Map<String, Integer> skills(JsonNode answer, Set<String> known)
      throws WebhookRejected {
    JsonNode skills = answer.path("skills");
    if (skills.isMissingNode() || skills.isNull()) {
      return Map.of();
    }
    Map<String, Integer> levels = new HashMap<>();
    for (Map.Entry<String, JsonNode> skill :
        StrictJson.requireObject(skills, "skills").properties()) {
      int level = skill.getValue().isInt() ? skill.getValue().intValue() : 0;
      if (!known.contains(skill.getKey()) || level < 1 || level > 10) {
        throw WebhookRejected.malformed("a skill that nobody has, or no level of 1 to 10");
      }
      levels.put(skill.getKey(), level);
    }
    return levels;
  }

  private static @Nullable String language(JsonNode answer) throws WebhookRejected {
    String language = StrictJson.optionalText(answer, "language", MAX_NAME);
    if (language != null && !language.matches("[A-Za-z0-9-]{2,35}")) {
      throw WebhookRejected.malformed("language is no language tag");
    }
    return language;
  }

  private static List<String> tags(JsonNode answer) throws WebhookRejected {
    List<String> tags = new ArrayList<>();
    for (JsonNode tag : StrictJson.optionalList(answer, "tags")) {
      if (!tag.isTextual() || tag.textValue().isBlank() || tag.textValue().length() > MAX_NAME) {
        throw WebhookRejected.malformed("a tag is no text of 1 to 64 characters");
      }
      tags.add(tag.textValue());
    }
    if (tags.size() > MAX_TAGS) {
      throw WebhookRejected.malformed("more than " + MAX_TAGS + " tags");
    }
    return tags;
  }
}
