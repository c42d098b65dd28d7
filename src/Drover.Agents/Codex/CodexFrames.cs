using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Codex;

/// <summary>The requests that are written to the app server.</summary>
internal static class CodexFrames
{
    /// <summary>News that say nothing an event would, and would fill the spool: each change of the turn's diff comes as the whole diff.</summary>
    private static readonly string[] s_unwanted =
        ["turn/diff/updated", "item/commandExecution/outputDelta", "item/fileChange/outputDelta", "item/fileChange/patchUpdated", "thread/started",
            "thread/readState/changed", "remoteControl/status/changed"];

    public static readonly ReadOnlyMemory<byte> Initialized = Rpc.Notice("initialized");

    public static ReadOnlyMemory<byte> Initialize(int id) => Rpc.Request(id, "initialize", p =>
    {
        p.Inside("clientInfo", c =>
        {
            c.WriteString("name", "drover");
            c.WriteString("title", "Drover");
            c.WriteString("version", typeof(CodexFrames).Assembly.GetName().Version!.ToString(3));
        });
        p.Inside("capabilities", c =>
        {
            c.WriteBoolean("experimentalApi", true);
            c.WriteBoolean("requestAttestation", false);
            c.WriteStartArray("optOutNotificationMethods");
            foreach (var method in s_unwanted) c.WriteStringValue(method);
            c.WriteEndArray();
        });
    });

    /// <summary>thread/start, thread/resume or thread/fork.</summary>
    public static ReadOnlyMemory<byte> Open(int id, ThreadWish wish)
    {
        var method = wish switch { { ResumeId: null } => "thread/start", { Forks: true } => "thread/fork", _ => "thread/resume" };
        return Rpc.Request(id, method, p =>
        {
            if (wish.ResumeId is { } resume)
            {
                p.Words("threadId", resume);
                p.WriteBoolean("excludeTurns", true);
            }

            p.Words("cwd", wish.WorkingDirectory);
            if (wish.Model is { } model) p.Words("model", model);
            p.WriteString("approvalPolicy", wish.Asks);
            p.WriteString("approvalsReviewer", "user"); // another model must not approve in a human's place
            p.WriteString("sandbox", wish.Sandbox);
            if (wish.AppendedPrompt is { } text) p.Words("developerInstructions", text);
        });
    }

    public static ReadOnlyMemory<byte> Start(int id, string thread, Note note) => Rpc.Request(id, "turn/start", p =>
    {
        p.Words("threadId", thread);
        Message(p, note);
    });

    public static ReadOnlyMemory<byte> Steer(int id, string thread, string turn, Note note) => Rpc.Request(id, "turn/steer", p =>
    {
        p.Words("threadId", thread);
        p.Words("expectedTurnId", turn);
        Message(p, note);
    });

    public static ReadOnlyMemory<byte> Interrupt(int id, string thread, string turn) => Rpc.Request(id, "turn/interrupt", p =>
    {
        p.Words("threadId", thread);
        p.Words("turnId", turn);
    });

    /// <summary>Ends the commands that outlive their turn.</summary>
    public static ReadOnlyMemory<byte> EndCommands(int id, string thread) =>
        Rpc.Request(id, "thread/backgroundTerminals/clean", p => p.Words("threadId", thread));

    public static ReadOnlyMemory<byte> Answer(Question question, bool allow, string? why) => Rpc.Result(question.RawId, r =>
    {
        switch (question.Kind)
        {
            case Asked.Decision: r.WriteString("decision", allow ? "accept" : "decline"); break;
            case Asked.Permissions:
                if (allow && question.Permissions is { } asked) r.Json("permissions", asked);
                else r.Inside("permissions", _ => { });
                r.WriteString("scope", "turn");
                break;
            case Asked.Choice:
                r.Inside("answers", answers =>
                {
                    foreach (var id in question.Choices) answers.Inside(id, a => Answers(a, why));
                });
                break;
            case Asked.Elicitation:
                r.WriteString("action", allow ? "accept" : "decline");
                if (allow) r.Inside("content", _ => { });
                else r.WriteNull("content");
                r.WriteNull("_meta");
                break;
        }
    });

    private static void Answers(Utf8JsonWriter answer, string? text)
    {
        answer.WriteStartArray("answers");
        if (text is not null) answer.WriteStringValue(System.Text.Encoding.UTF8.GetBytes(text));
        answer.WriteEndArray();
    }

    private static void Message(Utf8JsonWriter p, Note note)
    {
        p.WriteString("clientUserMessageId", note.Message.Value);
        p.WriteStartArray("input");
        p.WriteStartObject();
        p.WriteString("type", "text");
        p.Words("text", note.Text);
        p.WriteStartArray("text_elements");
        p.WriteEndArray();
        p.WriteEndObject();
        p.WriteEndArray();
    }
}
