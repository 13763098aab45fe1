// SPDX-License-Identifier: Apache-2.0

/** Customers: the people behind contacts, what an operator tells of them, and forgetting them. */
@NullMarked
package dev.frontdesk.gateway.customer;

import org.jspecify.annotations.NullMarked;
