using System.Text.Json;
using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model;

/// <summary>How one vendor's API is spoken. A further one is a folder with an implementation of this, and a line in <see cref="WireFormats"/>.</summary>
internal interface IWireFormat
{
    /// <summary>As the log calls it.</summary>
    string Name { get; }

    /// <summary>Headers of every answer.</summary>
    IReadOnlyList<(string Name, string Value)> Headers { get; }

    /// <summary>Whether the request asks the model for an answer in this format. It is told by method and path.</summary>
    bool Takes(HttpRequest request);

    /// <summary>What else belongs to this API, such as the counting of tokens: the kind for the log and the answer. Null when it is nothing of the sort.</summary>
    (string Kind, JsonObject Body)? Errand(HttpRequest request);

    /// <exception cref="JsonException">The body is no such request. A property that is missing or of another kind may also come as
    /// <see cref="KeyNotFoundException"/> or <see cref="InvalidOperationException"/>.</exception>
    ModelRequest Read(HttpRequest request, JsonElement body);

    /// <summary>An answer in pieces; nothing is sent before its first piece.</summary>
    IMessage Stream(HttpConnection connection, ModelRequest request, Tokens tokens);

    /// <summary>The same answer as one object.</summary>
    JsonObject Whole(ModelRequest request, IReadOnlyList<Block> blocks, Tokens tokens);

    HttpRefusal Refusal(Trouble trouble);
}
