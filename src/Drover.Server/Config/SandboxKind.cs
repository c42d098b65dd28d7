using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Drover.Core;

namespace Drover.Server.Config;

/// <summary>The sandbox: its mode alone, or a mapping with more.</summary>
internal sealed class SandboxKind : Kind<SandboxConfig>
{
    internal static readonly SandboxConfig Default = new(SandboxMode.Auto, [], [], true);

    private static readonly Word<SandboxMode> Modes = Word.Of<SandboxMode>();
    private static readonly Key<SandboxMode> Mode = new("mode", Modes, Default.Mode, "auto", "Where it works, always (nothing runs without it), or never.");
    private static readonly Key<IReadOnlyList<string>> Read = new("read", new ListOf<string>(Rules.Absolute), [], "none", "Further paths that can be read inside.");
    private static readonly Key<IReadOnlyList<string>> Write = new("write", new ListOf<string>(Rules.Absolute), [], "none", "Further paths that can be written inside.");
    private static readonly Key<bool> Network = new("network", Scalars.Flag, Default.Network, "true", "Whether the network can be reached from inside.");

    private static readonly Section<SandboxConfig> Long = new([Mode, Read, Write, Network], e => new(e.Get(Mode), e.Get(Read), e.Get(Write), e.Get(Network)));

    internal override string Expects => $"{Modes.Expects}, or a mapping";

    internal override IEnumerable<(string, Key)> Inside => Long.Inside;

    internal override JsonObject Schema() => new() { ["oneOf"] = new JsonArray(Modes.Schema(), Long.Schema()) };

    internal override bool TryRead(Found found, [MaybeNullWhen(false)] out SandboxConfig value)
    {
        if (found.Value is YamlValue.Map) return Long.TryRead(found, out value);
        value = null;
        if (!Modes.TryRead(found, out var mode)) return false;
        value = Default with { Mode = mode };
        return true;
    }
}
