// SPDX-License-Identifier: Apache-2.0
/** The pages of the project, held to what they say. */
@NullMarked
package dev.frontdesk.gateway.docs;

import org.jspecify.annotations.NullMarked;
