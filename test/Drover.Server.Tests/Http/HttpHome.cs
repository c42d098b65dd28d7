using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Drover.Api;
using Drover.Server.Host;
using Drover.Server.Tests.Git;
using Drover.Server.Tests.Journaling;
using Xunit;

namespace Drover.Server.Tests.Http;

/// <summary>A real server on a home of its own, in this process, with both of its doors open.</summary>
internal sealed class HttpHome : IAsyncDisposable
{
    private readonly TestHome _home;
    private readonly Sample _repository = Sample.WithCommit();
    private readonly HttpClient _overSocket;
    private readonly HttpClient _overTcp = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    private HttpHome(TestHome home, DroverHost host)
    {
        (_home, Host) = (home, host);
        _overSocket = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(host.Server.Socket), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
    }

    public DroverHost Host { get; }

    public string Repository => _repository.Clone;

    /// <summary>Commits a file on the repository's branch.</summary>
    public void Commit(string path, string text)
    {
        _repository.Write(path, text);
        _repository.Commit(path);
    }

    /// <param name="before">Fills the home before the server starts.</param>
    public static async Task<HttpHome> Start(Action<TestHome>? before = null)
    {
        var home = new TestHome();
        before?.Invoke(home);
        home.Close();
        return new(home, Assert.IsType<HostStart.Running>(await DroverHost.Start(Options(home.Path))).Host);
    }

    public static DroverHostOptions Options(string home) =>
        new() { Home = DroverHome.At(home), Port = null, Time = TimeProvider.System, Random = new(1) };

    /// <summary>The client of the CLI, on the socket.</summary>
    public ApiClient Client(string? token = null) => new(Host.Server.Socket, token);

    /// <summary>Registers the sample repository.</summary>
    public ProjectJson Register() => Client().Change(
        "POST", "/api/v1/projects", new(Repository, "app", "APP"), ApiJson.Default.NewProjectJson, ApiJson.Default.ProjectJson, Guid.NewGuid());

    public TicketJson File(string title, string? body = null) => Client().Change(
        "POST", "/api/v1/tickets", new("app", null, title, body, null, null, null, null), ApiJson.Default.NewTicketJson, ApiJson.Default.TicketJson, Guid.NewGuid());

    /// <summary>Sends exactly these bytes as JSON over the socket.</summary>
    public Task<Answered> Post(string path, byte[] body, string? idempotencyKey = null, string? token = null) =>
        Send(_overSocket, "http://drover", HttpMethod.Post, path, body, [("Idempotency-Key", idempotencyKey), ("Authorization", token is null ? null : $"Bearer {token}")]);

    public Task<Answered> Post(string path, string body, string? idempotencyKey = null, string? token = null) =>
        Post(path, Encoding.UTF8.GetBytes(body), idempotencyKey, token);

    /// <summary>Asks over loopback TCP, as a browser does.</summary>
    public Task<Answered> Browse(string path, params (string Name, string? Value)[] headers) =>
        Send(_overTcp, Host.Server.Url.TrimEnd('/'), HttpMethod.Get, path, null, headers);

    public Task<Answered> BrowsePost(string path, string body, params (string Name, string? Value)[] headers) =>
        Send(_overTcp, Host.Server.Url.TrimEnd('/'), HttpMethod.Post, path, Encoding.UTF8.GetBytes(body), headers);

    public async ValueTask DisposeAsync()
    {
        _overSocket.Dispose();
        _overTcp.Dispose();
        await Host.DisposeAsync();
        _home.Dispose();
        _repository.Dispose();
    }

    private static async Task<Answered> Send(
        HttpClient client, string root, HttpMethod method, string path, byte[]? body, (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, root + path);
        if (body is not null) request.Content = new ByteArrayContent(body);
        foreach (var (name, value) in headers) if (value is not null) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var all = answer.Headers.Concat(answer.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new((int)answer.StatusCode, text, all);
    }
}

internal sealed record Answered(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public ProblemJson Problem => JsonSerializer.Deserialize(Text, ApiJson.Default.ProblemJson) ?? throw new InvalidDataException(Text);
}
