package dev.demur.serve.mcp;

import dev.demur.lab.audit.CheckpointAudit;
import dev.demur.lab.run.Progress;
import dev.demur.serve.answer.Passes;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.Fields;
import dev.demur.serve.api.Json;
import dev.demur.serve.direct.Direct;
import dev.demur.serve.registry.Treatments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The tools: a prompt explained, a prompt scored, the served model's weights audited.
final class Tools {

  private static final int RETRY_SECONDS = 60;

  private static final String SUBJECT =
      """
      {"type": "object", "required": ["prompt"], "additionalProperties": false, "properties": {
        "prompt": {"type": "string", "description": "What the user asks the model"},
        "suffix": {"type": "string", "description": "Put behind the prompt, such as an attack"},
        "direction": {"type": "string", "description": "Name of a direction (default: r)"},
        "policy": {"type": "string",
          "description": "Line of the policy language to compare with, such as: ablate r"},
        "refusal_tokens": {"type": "array", "items": {"type": "integer"},
          "description": "Ids of tokens that open a refusal, where the server does not know them"}%s}}\
      """;

  private final ServedModel model;
  private final Treatments treatments;
  private final Direct direct;
  private final ReentrantLock auditing = new ReentrantLock();
  private Optional<String> audit = Optional.empty();

  Tools(ServedModel model, Treatments treatments, Direct direct) {
    this.model = model;
    this.treatments = treatments;
    this.direct = direct;
  }

  List<Tool> all() {
    return List.of(
        Tool.of(
            "score",
            "Score a prompt",
            "How strongly the served model's next token opens a refusal of a prompt (refusal score"
                + " in nats, above 0 means it refuses), and how far the stream lies along a"
                + " direction entering each layer, beside what random directions read. With a"
                + " policy, both without and with it.",
            String.format(SUBJECT, ""),
            arguments -> Json.write(direct.score(arguments, treatments.asked(arguments)))),
        Tool.of(
            "explain",
            "Explain a prompt",
            "One prompt under the microscope: the stream along a direction at every token and"
                + " layer, the heads and MLPs that write it, what the model would say at each"
                + " layer, and what ablating or adding the direction, or a policy, changes.",
            String.format(
                SUBJECT,
                ", \"heads\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 64,"
                    + " \"description\": \"How many heads are told (default: 8)\"}"),
            arguments -> direct.explain(arguments, treatments.asked(arguments))),
        Tool.of(
            "audit",
            "Audit the weights",
            "Whether a direction was removed from the served model's weights (abliteration):"
                + " verdict, false-alarm probability and what was found.",
            "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {}}",
            this::audit));
  }

  /// The weights stay what they are, so they are audited once.
  private String audit(Fields arguments) throws IOException {
    if (!auditing.tryLock()) {
      throw ApiException.later("the audit is being made", RETRY_SECONDS);
    }
    try {
      if (audit.isEmpty()) {
        audit = Optional.of(Passes.of(this::audited));
      }
      return audit.get();
    } finally {
      auditing.unlock();
    }
  }

  private String audited() {
    try {
      var result = CheckpointAudit.of(model.chat().files(), Progress.silent()).result();
      var told = new LinkedHashMap<String, Object>();
      told.put("version", 1);
      told.put("verdict", result.verdict().name().toLowerCase(Locale.ROOT));
      told.put("false_alarm_probability", result.falseAlarmProbability());
      told.put("sentences", result.sentences());
      told.put("model", result.model());
      result.candidate().ifPresent(candidate -> told.put("candidate", candidate));
      return Json.write(told);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
