// SPDX-License-Identifier: Apache-2.0
/** E-mail: inbound webhooks of mail providers, MIME, threads, loops and bounces, SMTP outbound. */
@NullMarked
package dev.frontdesk.connector.email;

import org.jspecify.annotations.NullMarked;
