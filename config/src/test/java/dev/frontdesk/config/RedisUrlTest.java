// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUrlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://h",
        "redis://h:6379/2",
        "rediss://user:secret@h:6380",
        "redis-socket:///run/redis.sock",
        "redis-sentinel://h#desk",
        "redis-sentinel://:secret@h:1,i,j:3/2#desk-1"
      })
  void address_isTaken_andNeverShown(String url) {
    RedisUrl read = RedisUrl.of(url);

    assertThat(read.addresses()).containsExactly(url);
    assertThat(read.cluster()).isFalse();
    assertThat(read.isEmbedded()).isFalse();
    assertThat(read.tls()).isEqualTo(url.startsWith("rediss://"));
    assertThat(read.toString()).isEqualTo("own server");
  }

  @Test
  void listOfSeeds_isACluster_howeverShort() {
    assertThat(RedisUrl.of(List.of("redis://h")).cluster()).isTrue();
    RedisUrl secured = RedisUrl.of(List.of("rediss://:secret@h:1/", "rediss://:secret@i:2"));
    assertThat(secured.tls()).isTrue();
    assertThat(secured.toString()).isEqualTo("cluster");
    assertThat(RedisUrl.of("").isEmbedded()).isTrue();
    assertThat(RedisUrl.of("").toString()).isEqualTo("embedded");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "h:6379",
        "http://h",
        "redis://",
        "redis://sec ret@h",
        "redis://h?x=1",
        "redis://a,redis://b",
        "redis-sentinel://secret@h",
        "rediss-sentinel://secret@h#m"
      })
  void whatIsNone_isRefused_withoutShowingIt(String url) {
    assertThatThrownBy(() -> RedisUrl.of(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected")
        .hasMessageNotContaining("sec");
  }

  @Test
  void seedsOfTwoKinds_areRefused_withoutShowingThem() {
    assertThatThrownBy(() -> RedisUrl.of(List.of("redis://:sec@h", "redis://:other@h")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("seed 2 has another")
        .hasMessageNotContaining(":sec");
  }
}
