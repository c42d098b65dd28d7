using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Drover.Server.Config;

/// <summary>A value type whose absence means something of its own.</summary>
internal sealed class Optional<T>(Kind<T> kind) : Kind<T?> where T : struct
{
    internal override string Expects => kind.Expects;

    internal override JsonObject Schema() => kind.Schema();

    internal override bool TryRead(Found found, [MaybeNullWhen(false)] out T? value)
    {
        var isRead = kind.TryRead(found, out var read);
        value = isRead ? read : null;
        return isRead;
    }
}
