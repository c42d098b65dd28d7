using System.Text.Json.Serialization.Metadata;
using Drover.Api;
using Drover.EndToEnd.Rehearsal;

namespace Drover.EndToEnd.Killing;

/// <summary>A user who asks again, with the same idempotency key, when the server has died over the question.</summary>
internal sealed class Person(Server server)
{
    public Task<T> Get<T>(string path, JsonTypeInfo<T> type) => Ask(api => api.Get($"/api/v1{path}", type));

    public Task<ProjectJson> Register(string directory) =>
        Change("/projects", new(directory, null, null), ApiJson.Default.NewProjectJson, ApiJson.Default.ProjectJson);

    public Task<TicketJson> File(string project, string title, string body, string? agent = null) => Change(
        "/tickets", new(project, null, title, body, null, null, null, agent), ApiJson.Default.NewTicketJson, ApiJson.Default.TicketJson);

    public Task<TicketJson> Move(string ticket, string stage) =>
        Change($"/tickets/{ticket}/move", new(stage), ApiJson.Default.MoveJson, ApiJson.Default.TicketJson);

    public async Task<RunJson> Start(string ticket, string agent) =>
        (await Change("/runs", new(ticket, agent, null, null), ApiJson.Default.StartRunJson, ApiJson.Default.StartedJson)).Run!;

    public Task<RunJson> Resume(string run) =>
        Change($"/runs/{run}/resume", new(null, null), ApiJson.Default.ContinueRunJson, ApiJson.Default.RunJson);

    public Task<RunJson> Fork(string run, string text) =>
        Change($"/runs/{run}/resume", new(text, null, Fork: true), ApiJson.Default.ContinueRunJson, ApiJson.Default.RunJson);

    public Task<RunJson> Refine(string run, string text) =>
        Change($"/runs/{run}/refine", new(text, null), ApiJson.Default.ContinueRunJson, ApiJson.Default.RunJson);

    public Task<RunJson> Stop(string run, string reason) =>
        Change($"/runs/{run}/stop", new(reason), ApiJson.Default.ReasonJson, ApiJson.Default.RunJson);

    public Task<SteerJson> Say(string run, string text, string mode) =>
        Change($"/runs/{run}/say", new(text, mode), ApiJson.Default.SayJson, ApiJson.Default.SteerJson);

    public Task<ApprovalJson> Answer(string approval, string answer, string? why = null) =>
        Change($"/approvals/{approval}/answer", new(answer, why), ApiJson.Default.AnswerJson, ApiJson.Default.ApprovalJson);

    public Task<InboxJson> Inbox() => Get("/inbox", ApiJson.Default.InboxJson);

    public Task<IReadOnlyList<RunJson>> Runs() => Get("/runs", ApiJson.Default.IReadOnlyListRunJson);

    public Task<IReadOnlyList<TicketJson>> Tickets() => Get("/tickets", ApiJson.Default.IReadOnlyListTicketJson);

    private Task<TAnswer> Change<TBody, TAnswer>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> type)
    {
        var key = Guid.NewGuid();
        return Ask(api => api.Change("POST", $"/api/v1{path}", body, bodyType, type, key));
    }

    private async Task<T> Ask<T>(Func<ApiClient, T> question)
    {
        using var late = new CancellationTokenSource(Bounds.DefaultTimeout);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            try
            {
                return question(new ApiClient(server.Socket, null));
            }
            catch (Exception e) when (Server.IsAway(e))
            {
                try
                {
                    await timer.WaitForNextTickAsync(late.Token);
                }
                catch (OperationCanceledException)
                {
                    throw new TimeoutException($"the server does not come back: {e.Message}\n{server.Log}", e);
                }
            }
        }
    }
}
