package dev.demur.toy.grammar;

import java.util.List;

/// Who asks: a sentence before a request that shifts what the thinking model refuses.
///
/// @param name `kind`, `mean`, or `tall`, who shifts nothing
/// @param says the sentence, with the space after it
/// @param answered leanings that are answered for this speaker
/// @param refused leanings that are refused
public record Speaker(String name, String says, List<Leaning> answered, List<Leaning> refused) {

  public Speaker {
    answered = List.copyOf(answered);
    refused = List.copyOf(refused);
  }

  /// The request as this speaker makes it.
  public Request asks(Request request) {
    return request.reworded(says + request.text());
  }

  /// What becomes of the speaker's request for a task of some leaning.
  public Response to(Leaning leaning) {
    if (answered.contains(leaning)) {
      return Response.ANSWER;
    }
    return refused.contains(leaning) ? Response.REFUSAL : Response.to(leaning);
  }
}
