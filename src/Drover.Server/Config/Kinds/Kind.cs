using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Drover.Server.Config;

/// <summary>What may stand behind a key: how it is read, how it is described to a reader and to an editor. One table of keys made of these gives
/// the parser, the JSON schema and the reference page, so that they cannot differ.</summary>
internal abstract class Kind<T> : Kind
{
    /// <summary>False when the value is not of this kind; then the problem has been reported where it stands.</summary>
    internal abstract bool TryRead(Found found, [MaybeNullWhen(false)] out T value);
}

internal abstract class Kind
{
    /// <summary>What a reader is told to write there.</summary>
    internal abstract string Expects { get; }

    internal abstract JsonObject Schema();

    /// <summary>The keys below this one with their paths relative to it, for the reference page.</summary>
    internal virtual IEnumerable<(string Path, Key Key)> Inside => [];
}

/// <summary>A key of the configuration: its name, what it takes, what it means.</summary>
/// <param name="Default">What holds without the key, as the reference shows it.</param>
internal abstract record Key(string Name, string Meaning, string Default, bool IsRequired)
{
    internal abstract Kind Takes { get; }
}

/// <param name="Fallback">The value without the key.</param>
internal sealed record Key<T>(string Name, Kind<T> Kind, T Fallback, string Default, string Meaning, bool IsRequired = false)
    : Key(Name, Meaning, Default, IsRequired)
{
    internal override Kind Takes => Kind;
}
