using Drover.Rehearsal.Model.Anthropic;
using Drover.Rehearsal.Model.Chat;
using Drover.Rehearsal.Model.Gemini;
using Drover.Rehearsal.Model.Responses;

namespace Drover.Rehearsal.Model;

internal static class WireFormats
{
    public static IReadOnlyList<IWireFormat> All { get; } = [new MessagesFormat(), new ChatFormat(), new ResponsesFormat(), new GeminiFormat()];
}
