// SPDX-License-Identifier: Apache-2.0
/** Stand-ins of the platforms: their send APIs, as strict as they are, and their signed calls. */
@NullMarked
package dev.frontdesk.connector.sandbox;

import org.jspecify.annotations.NullMarked;
