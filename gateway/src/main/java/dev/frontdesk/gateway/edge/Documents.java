// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The descriptions of the API and of the sockets, as they stand in the jar. */
final class Documents {

  private Documents() {}

  /** {@code GET /openapi.yaml} and {@code GET /asyncapi.yaml}; read once, when mounted. */
  static void mount(Router router, Responses responses) {
    documents()
        .forEach(
            (path, document) ->
                router
                    .get(path)
                    .handler(
                        ctx -> responses.send(ctx.request(), 200, "application/yaml", document)));
  }

  private static Map<String, Buffer> documents() {
    Map<String, Buffer> documents = new TreeMap<>();
    for (String path : new String[] {"/openapi.yaml", "/asyncapi.yaml"}) {
      Buffer document = read(path);
      if (document != null) {
        documents.put(path, document);
      }
    }
    return documents;
  }

  private static @Nullable Buffer read(String path) {
    try (InputStream document = Documents.class.getResourceAsStream(path)) {
      return document == null ? null : Buffer.buffer(document.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("the jar's own " + path + " cannot be read", e);
    }
  }
}
