/// What was found about a checkpoint, as reports: audits ([AuditReport]), differences from a parent
/// ([CheckpointDiffReport]) and monitors ([MonitorReport]).
@NullMarked
package dev.demur.lab.report.check;

import org.jspecify.annotations.NullMarked;
