// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.config.FrontdeskConfig;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which web pages may call the API: those of {@code server.corsOrigins} and our own. */
final class Cors {

  private static final int PREFLIGHT_SECONDS = 600;

  private Cors() {}

  static void mount(Router router, FrontdeskConfig.Server config) {
    if (config.corsOrigins().isEmpty()) {
      return; // browsers then refuse every other origin by themselves
    }
    List<String> origins = new ArrayList<>(config.corsOrigins());
    if (!config.publicUrl().isEmpty()) {
      origins.add(origin(config.publicUrl()));
    }
    router
        .route(ApiRoute.ROOT + "/*")
        .handler(
            CorsHandler.create()
                .addOrigins(origins.stream().distinct().toList())
                .allowedMethods(
                    Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE))
                .allowedHeaders(
                    Set.of("authorization", "content-type", "idempotency-key", "last-event-id"))
                .exposedHeaders(Set.of("idempotent-replayed", "retry-after"))
                .maxAgeSeconds(PREFLIGHT_SECONDS));
  }

  private static String origin(String url) {
    int path = url.indexOf('/', url.indexOf("://") + 3);
    return path < 0 ? url : url.substring(0, path);
  }
}
