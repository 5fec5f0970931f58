package dev.demur.lab.edit;

import dev.demur.lab.VisibleText;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The README of an edited checkpoint: what was done to it, so that nobody takes it for the
/// original.
///
/// @param record what was done
/// @param front its first lines
record ModelCard(EditRecord record, FrontMatter front) {

  byte[] text() {
    var source = record.json().path("source");
    var direction = record.json().path("direction");
    String name = source.path("name").asString("");
    String text =
        String.format(
            Locale.ROOT,
            """
            %s

            # %s, edited

            The weights of this model were changed by %s. It is not the model its makers released: it may
            answer requests the original refuses. It was made for research on how refusal works and how it
            can be defended; the source model's licence and terms hold for it.

            | | |
            | --- | --- |
            | source model | %s |
            | SHA-256 of its weight files | `%s` |
            | operation | %s |
            | tied embeddings | %s |
            | direction | read at `%s`, position %d, in %s |
            | SHA-256 of the direction's file | `%s` |
            | tensors changed | %d |

            `demur.json` says the same for programs, with the name of every changed tensor. What the source
            said of itself is in `README.source.md`, if it said something.
            """,
            front.text(),
            name,
            record.json().path("tool").asString(""),
            name,
            source.path("weights_sha256").asString(""),
            record.operation(),
            record.json().path("operation").path("tied_embeddings").asString(""),
            direction.path("hook_point").asString(""),
            direction.path("position").asInt(0),
            direction.path("model").asString(""),
            record.directionSha256(),
            record.json().path("tensors").size());
    return VisibleText.of(text).getBytes(StandardCharsets.UTF_8);
  }
}
