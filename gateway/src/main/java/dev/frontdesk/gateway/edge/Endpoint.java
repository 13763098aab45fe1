// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import io.vertx.core.Future;

/** What one route does. It may throw {@code GatewayException}; it never blocks. */
@FunctionalInterface
interface Endpoint {
  Future<Answer> handle(Call call);
}
