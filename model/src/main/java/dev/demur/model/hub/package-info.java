/// The Hugging Face hub: what a repository holds, how to fetch it, and what is here already.
///
/// Input: `org/name@revision`. Output: files in the layout of huggingface_hub's cache, so each
/// program finds what the other fetched.
///
/// Start with [HubClient] to fetch and with [CachedModels] to look at what is here.
///
/// A file gets its name only after its bytes match the hub's checksum. A transfer that was cut
/// continues where it stopped. The token goes only to the host that `HF_ENDPOINT` names. Opening a
/// model is the task of `format`.
@NullMarked
package dev.demur.model.hub;

import org.jspecify.annotations.NullMarked;
