using System.Text;

namespace Drover.Rehearsal.Model;

/// <summary>One JSON object, sent when it is complete.</summary>
internal sealed class WholeMessage(HttpConnection connection, Func<IReadOnlyList<Block>, string> compose, IEnumerable<(string Name, string Value)> headers) : IMessage
{
    private readonly List<Block> blocks = [];
    private readonly StringBuilder text = new();
    private BlockKind kind;

    public bool HasBegun => false;

    public Task Begin() => Task.CompletedTask;

    public Task BeginBlock(BlockKind begun)
    {
        kind = begun;
        text.Clear();
        return Task.CompletedTask;
    }

    public Task Piece(string piece)
    {
        text.Append(piece);
        return Task.CompletedTask;
    }

    public Task EndBlock()
    {
        blocks.Add(new Block.Said(kind, text.ToString()));
        return Task.CompletedTask;
    }

    public Task CallTool(ToolCall call)
    {
        blocks.Add(new Block.Called(call));
        return Task.CompletedTask;
    }

    public Task Verbatim(string data) => connection.AnswerJson(200, headers, data);

    public Task Fail(HttpRefusal refusal) => connection.AnswerJson(refusal.Status, [.. headers, .. refusal.Headers], refusal.Body.ToJsonString());

    public Task Finish(bool calledTool) => connection.AnswerJson(200, headers, compose(blocks));
}
