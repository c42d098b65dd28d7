using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model;

/// <summary>Why the model does not answer, before a vendor words it.</summary>
internal abstract record Trouble
{
    private Trouble() { }

    public sealed record Refused(ModelError Error, TimeSpan? RetryAfter) : Trouble;

    /// <summary>The account's allowance is used up.</summary>
    /// <param name="Left">How long from now until <paramref name="Resets"/>.</param>
    public sealed record LimitReached(DateTimeOffset Resets, TimeSpan Left) : Trouble;

    /// <summary>The request cannot be read.</summary>
    public sealed record Unreadable(string Why) : Trouble;
}

/// <summary>What the vendor's server answers when it refuses.</summary>
/// <param name="InStream">The vendor begins a streamed answer first and tells it there.</param>
internal sealed record HttpRefusal(int Status, JsonObject Body, IReadOnlyList<(string Name, string Value)> Headers, bool InStream = false);
