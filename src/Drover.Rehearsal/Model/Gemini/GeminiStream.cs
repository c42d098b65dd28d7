using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Gemini;

internal sealed class GeminiStream(EventStream stream, string model, Tokens tokens) : IMessage
{
    private BlockKind kind;

    public bool HasBegun => stream.HasBegun;

    public Task Begin() => stream.Begin();

    public Task BeginBlock(BlockKind begun)
    {
        kind = begun;
        return Begin();
    }

    public Task Piece(string text) => Send(new JsonArray(Candidates.Text(kind, text)), isLast: false);

    public Task EndBlock() => Task.CompletedTask;

    public async Task CallTool(ToolCall call)
    {
        await Begin();
        await Send(new JsonArray(Candidates.Part(new Block.Called(call))), isLast: false);
    }

    public async Task Verbatim(string data)
    {
        await Begin();
        await stream.Send(data);
    }

    public async Task Fail(HttpRefusal refusal)
    {
        await Begin();
        await stream.Send(refusal.Body.ToJsonString());
        await stream.End();
    }

    /// <summary>Called tools are told by their parts alone; the reason for the end is the same.</summary>
    public async Task Finish(bool calledTool)
    {
        await Begin();
        await Send(new JsonArray(Candidates.Text(BlockKind.Text, "")), isLast: true);
        await stream.End();
    }

    private Task Send(JsonArray parts, bool isLast) => stream.Send(Candidates.Of(model, parts, tokens, isLast).ToJsonString());
}
