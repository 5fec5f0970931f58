package dev.demur.serve.study;

import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.Fields;
import dev.demur.serve.registry.Treatments;
import java.io.IOException;

/// What a client wants measured, checked.
sealed interface Job permits StudyRequest, TrialRequest {

  /// What is measured.
  enum Kind {
    STUDY("study"),
    TRIAL("trial");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /// The word of the field `kind`.
    String text() {
      return text;
    }
  }

  /// Reads a body.
  ///
  /// @param sets prompts the server brings
  /// @throws ApiException if a field is not as it must be
  static Job of(Fields body, ServedModel model, Treatments treatments, TrialSets sets)
      throws IOException {
    String kind = body.text("kind").orElse(Kind.STUDY.text);
    return switch (kind) {
      case "study" -> StudyRequest.of(body, model.name());
      case "trial" -> TrialRequest.of(body, model, treatments, sets);
      default -> throw ApiException.invalid(body.name("kind"), "kind must be study or trial");
    };
  }

  /// What is measured.
  Kind kind();

  /// Measures, and leaves a run folder with a report.
  Found run(ServedModel model, RunStore store, Progress progress) throws IOException;
}
