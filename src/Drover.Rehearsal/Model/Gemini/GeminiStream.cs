using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Gemini;

internal sealed class GeminiStream(EventStream stream, string model, Tokens tokens) : StreamedMessage(stream)
{
    public override Task Piece(string text) => Parts(Candidates.Text(Kind, text), isLast: false);

    protected override Task WriteCall(ToolCall call) => Parts(Candidates.Part(new Block.Called(call)), isLast: false);

    /// <summary>Called tools are told by their parts alone; the reason for the end is the same.</summary>
    protected override Task WriteEnd(bool calledTool) => Parts(Candidates.Text(BlockKind.Text, ""), isLast: true);

    private Task Parts(JsonNode part, bool isLast) => Send(Candidates.Of(model, new JsonArray(part), tokens, isLast));
}
