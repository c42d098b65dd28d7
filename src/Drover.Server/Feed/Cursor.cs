using System.Globalization;
using Drover.Server.Journaling;

namespace Drover.Server.Feeding;

/// <summary>A place in the journal, after which events are asked for. To others it is an opaque text; the mark in front lets it carry more one day.</summary>
internal readonly record struct Cursor(long Seq)
{
    private const string Mark = "e1-";

    /// <summary>Before everything that is kept.</summary>
    internal static readonly Cursor Beginning = new(0);

    /// <summary>The place of a consistent state: what is read from <paramref name="db"/> holds every event up to it and none after it.</summary>
    internal static Cursor Of(Db db) => new(EventTable.LastSeq(db));

    /// <exception cref="CursorException">The text is no cursor.</exception>
    internal static Cursor Parse(string text) =>
        text.StartsWith(Mark, StringComparison.Ordinal)
        && long.TryParse(text.AsSpan(Mark.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var seq)
        && seq >= 0
            ? new(seq)
            : throw new CursorException(CursorProblem.Malformed, "this is not a cursor; take one from an event's `cursor`, or leave it out to start at the present");

    public override string ToString() => Mark + Seq.ToString("x", CultureInfo.InvariantCulture);
}

internal enum CursorProblem
{
    /// <summary>It is not a text that Drover gave.</summary>
    Malformed,

    /// <summary>It is of a place that this journal has not reached: of another one, or of one that was put back from a backup.</summary>
    Future,

    /// <summary>Events after it are no longer kept: reading on would leave a gap.</summary>
    TooOld,
}

/// <summary>The feed cannot go on from that cursor. The reader takes a new snapshot and its cursor.</summary>
internal sealed class CursorException(CursorProblem problem, string message) : Exception(message)
{
    internal CursorProblem Problem { get; } = problem;
}
