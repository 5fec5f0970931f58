/// `demur policy …`: shows, checks and makes policies.
@NullMarked
package dev.demur.app.command.policy;

import org.jspecify.annotations.NullMarked;
