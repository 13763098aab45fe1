// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.wechat;

import dev.frontdesk.connector.HttpUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The account's access token, from {@code stable_token} in its normal mode: every node of a gateway
 * gets the same token and fetching one never invalidates another's (developers.weixin.qq.com,
 * getStableAccessToken). Kept in memory only; losing it costs one call.
 *
 * <p>However many sends need one at once, one request is in flight. Thread-safe; results arrive on
 * the caller's context.
 */
final class AccessToken {

  /** The platform renews this long before expiry; both tokens are valid meanwhile. */
  private static final Duration MARGIN = Duration.ofMinutes(5);

  /** The platform's bound: forced renewals are at least this far apart (and 20 a day). */
  private static final Duration BETWEEN_FORCED = Duration.ofSeconds(30);

  private record Held(String value, Instant goodUntil) {}

  private final WechatSettings settings;
  private final WebClient client;
  private final Vertx vertx;
  private final AtomicReference<@Nullable CompletableFuture<Held>> inFlight =
      new AtomicReference<>();
  private volatile @Nullable Held held;
  private volatile Instant forcedAt = Instant.EPOCH;

  AccessToken(WechatSettings settings, WebClient client, Vertx vertx) {
    this.settings = settings;
    this.client = client;
    this.vertx = vertx;
  }

  /** A token that is good at {@code now}; fails with {@link TokenRefused} or an I/O failure. */
  Future<String> current(Instant now) {
    Held known = held;
    return known != null && now.isBefore(known.goodUntil())
        ? Future.succeededFuture(known.value())
        : fetchOnce(now, null);
  }

  /** A token other than {@code stale}, which the platform just refused. */
  Future<String> replacing(String stale, Instant now) {
    Held known = held;
    return known != null && !known.value().equals(stale) ? current(now) : fetchOnce(now, stale);
  }

  private Future<String> fetchOnce(Instant now, @Nullable String stale) {
    CompletableFuture<Held> mine = new CompletableFuture<>();
    CompletableFuture<Held> running = inFlight.compareAndExchange(null, mine);
    if (running == null) {
      fetch(now, stale)
          .onComplete(
              result -> {
                inFlight.set(null);
                if (result.succeeded()) {
                  mine.complete(result.result());
                } else {
                  mine.completeExceptionally(result.cause());
                }
              });
    }
    return Future.fromCompletionStage(running == null ? mine : running, vertx.getOrCreateContext())
        .map(Held::value);
  }

  /** Asks for the present token; only if that is the refused one, for a new one. */
  private Future<Held> fetch(Instant now, @Nullable String stale) {
    return ask(now, false)
        .compose(
            got -> {
              boolean same = got.value().equals(stale);
              if (!same || now.isBefore(forcedAt.plus(BETWEEN_FORCED))) {
                return Future.succeededFuture(got);
              }
              forcedAt = now;
              return ask(now, true);
            })
        .onSuccess(got -> held = got);
  }

  private Future<Held> ask(Instant now, boolean force) {
    return client
        .postAbs(HttpUrl.below(settings.apiBaseUrl(), "/cgi-bin/stable_token"))
        .sendJsonObject(
            new JsonObject()
                .put("grant_type", "client_credential")
                .put("appid", settings.appId())
                .put("secret", settings.appSecret().newest())
                .put("force_refresh", force))
        .map(response -> held(PlatformReply.of(response, now), now));
  }

  private static Held held(PlatformReply reply, Instant now) {
    String token = reply.text("access_token");
    if (token == null || token.isEmpty()) {
      throw new TokenRefused(reply);
    }
    Duration life = Duration.ofSeconds(reply.number("expires_in", 7200));
    Duration good =
        life.compareTo(MARGIN.multipliedBy(2)) > 0 ? life.minus(MARGIN) : life.dividedBy(2);
    return new Held(token, now.plus(good));
  }

  /** The platform gave no token. */
  static final class TokenRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final transient PlatformReply reply;

    TokenRefused(PlatformReply reply) {
      super("stable_token: " + reply.code(), null, false, false);
      this.reply = reply;
    }

    PlatformReply reply() {
      return reply;
    }
  }
}
