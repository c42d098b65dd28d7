using Drover.Rehearsal.Model.Anthropic;

namespace Drover.Rehearsal.Model;

internal static class WireFormats
{
    public static IReadOnlyList<IWireFormat> All { get; } = [new MessagesFormat()];
}
