/* SPDX-License-Identifier: MIT */
/* Addresses that were chosen by others: which machines are connected to for them.
 *
 * Names under .test are looked up in a table here, and connections to addresses of the Internet
 * end at a server of this machine: both functions are defined here in the place of the C library's.
 */
#pragma once

#include "http-client.h"
#include "tap.h"

#include <netdb.h>
#include <sys/syscall.h>

/* ---- the network ---- */

static struct {
	const char *name;
	const char *addresses[3]; /* one after the other: what a name leads to may change */
	bool all;                 /* or all at once */
	atomic_uint looked_up;
} reach_names[8];

static atomic_int reach_port;       /* where connections to other machines end; 0: nowhere */
static atomic_uint reach_connected; /* how many of them there were */

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
        struct addrinfo **ret_list);
void freeaddrinfo(struct addrinfo *list);
int connect(int fd, const struct sockaddr *address, socklen_t size);

struct reach_entry {
	struct addrinfo info;
	struct sockaddr_storage address;
};

static struct addrinfo *reach_entry(const char *text, const char *service)
{
	struct reach_entry *entry = calloc(1, sizeof(*entry));
	struct sockaddr_in *four;
	struct sockaddr_in6 *six;
	in_port_t port = htons((uint16_t)(service ? strtoul(service, NULL, 10) : 0));

	if (!entry)
		die("memory");
	four = (struct sockaddr_in *)&entry->address;
	six = (struct sockaddr_in6 *)&entry->address;
	entry->info.ai_socktype = SOCK_STREAM;
	entry->info.ai_protocol = IPPROTO_TCP;
	entry->info.ai_addr = (struct sockaddr *)&entry->address;
	if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
		four->sin_port = port;
		entry->info.ai_addrlen = sizeof(*four);
		four->sin_family = AF_INET;
	} else if (inet_pton(AF_INET6, text, &six->sin6_addr) == 1) {
		six->sin6_port = port;
		entry->info.ai_addrlen = sizeof(*six);
		six->sin6_family = AF_INET6;
	} else {
		die(text);
	}
	entry->info.ai_family = entry->address.ss_family;
	return &entry->info;
}

static void reach_list(struct addrinfo **list, const char *text, const char *service)
{
	while (*list)
		list = &(*list)->ai_next;
	*list = reach_entry(text, service);
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
        struct addrinfo **ret_list)
{
	size_t i, k;

	*ret_list = NULL;
	for (i = 0; i < ARRAY_SIZE(reach_names) && reach_names[i].name; i++) {
		const char *const *addresses = reach_names[i].addresses;

		if (strcmp(reach_names[i].name, node) != 0)
			continue;
		if (!reach_names[i].all) {
			k = atomic_fetch_add(&reach_names[i].looked_up, 1);
			reach_list(ret_list, addresses[k < 2 && addresses[k] ? k : 0], service);
			return 0;
		}
		for (k = 0; k < 3 && addresses[k]; k++)
			reach_list(ret_list, addresses[k], service);
		return 0;
	}
	return EAI_NONAME;
}

void freeaddrinfo(struct addrinfo *list)
{
	while (list) {
		struct addrinfo *next = list->ai_next;

		free(list); /* the first member of its entry */
		list = next;
	}
}

static bool reach_is_here(const struct sockaddr *address)
{
	struct sockaddr_in four;

	if (address->sa_family != AF_INET)
		return false;
	memcpy(&four, address, sizeof(four));
	return ntohl(four.sin_addr.s_addr) >> 24 == 127;
}

int connect(int fd, const struct sockaddr *address, socklen_t size)
{
	struct sockaddr_in here = {.sin_family = AF_INET,
	        .sin_port = htons((uint16_t)atomic_load(&reach_port)),
	        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	if (address->sa_family != AF_INET && address->sa_family != AF_INET6)
		return (int)syscall(SYS_connect, fd, address, size);
	if (reach_is_here(address))
		return (int)syscall(SYS_connect, fd, address, size);
	atomic_fetch_add(&reach_connected, 1);
	if (!atomic_load(&reach_port) || address->sa_family != AF_INET) {
		errno = ENETUNREACH;
		return -1;
	}
	return (int)syscall(SYS_connect, fd, &here, sizeof(here));
}

/* ---- the cases ---- */

static const char *const reach_variables[] = {"https_proxy", "all_proxy", "no_proxy"};

/* As if the environment had these; NULL: not set. */
static void reach_proxy(const char *proxy, const char *except)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reach_variables); i++)
		unsetenv(reach_variables[i]);
	if (proxy)
		setenv("https_proxy", proxy, 1);
	if (except)
		setenv("no_proxy", except, 1);
}

static struct http_request foreign(const char *url)
{
	struct http_request request = get(url);

	request.follow = true;
	request.timeout_ms = 2000;
	return request;
}

/* Addresses that are written as such, and whether a machine there may be connected to. */
static const struct {
	const char *host;
	bool open;
} reach_hosts[] = {{"0.0.0.0", false}, {"0.1.2.3", false}, {"10.0.0.1", false},
        {"10.255.255.255", false}, {"9.255.255.255", true}, {"11.0.0.0", true},
        {"100.63.255.255", true}, {"100.64.0.0", false}, {"100.127.255.255", false},
        {"100.128.0.0", true}, {"127.0.0.1", false}, {"127.255.255.255", false},
        {"126.255.255.255", true}, {"128.0.0.0", true}, {"169.253.255.255", true},
        {"169.254.0.0", false}, {"169.254.169.254", false}, {"169.255.0.0", true},
        {"172.15.255.255", true}, {"172.16.0.0", false}, {"172.31.255.255", false},
        {"172.32.0.0", true}, {"192.0.0.8", false}, {"192.0.1.0", true}, {"192.0.2.1", false},
        {"192.88.99.1", false}, {"192.167.255.255", true}, {"192.168.0.0", false},
        {"192.168.255.255", false}, {"192.169.0.0", true}, {"198.17.255.255", true},
        {"198.18.0.0", false}, {"198.19.255.255", false}, {"198.20.0.0", true},
        {"198.51.100.7", false}, {"203.0.113.7", false}, {"223.255.255.255", true},
        {"224.0.0.1", false}, {"239.255.255.255", false}, {"240.0.0.1", false},
        {"255.255.255.255", false}, {"8.8.8.8", true}, {"1.1.1.1", true}, {"[::]", false},
        {"[::1]", false}, {"[::2]", false}, {"[::ffff:10.0.0.1]", false},
        {"[::ffff:127.0.0.1]", false}, {"[::ffff:169.254.169.254]", false},
        {"[::ffff:8.8.8.8]", false}, {"[::8.8.8.8]", false}, {"[64:ff9b::8.8.8.8]", true},
        {"[64:ff9b::10.0.0.1]", false}, {"[64:ff9b::127.0.0.1]", false},
        {"[64:ff9b::169.254.169.254]", false}, {"[64:ff9b:1::8.8.8.8]", false}, {"[100::1]", false},
        {"[1fff::1]", false}, {"[2000::1]", true}, {"[2001::1]", false}, {"[2001:1ff::1]", false},
        {"[2001:200::1]", true}, {"[2001:db7::1]", true}, {"[2001:db8::1]", false},
        {"[2001:db9::1]", true}, {"[2002:a00:1::1]", false}, {"[2003::1]", true},
        {"[2606:4700::1111]", true}, {"[3ffe::1]", true}, {"[3fff::1]", false},
        {"[3fff:fff::1]", false}, {"[3fff:1000::1]", true}, {"[4000::1]", false},
        {"[5f00::1]", false}, {"[fc00::1]", false}, {"[fd12:3456::1]", false}, {"[fe80::1]", false},
        {"[fec0::1]", false}, {"[ff02::1]", false}};

static void test_reach_hosts(void)
{
	CLIENT(client);
	size_t i;

	atomic_store(&reach_port, 0);
	for (i = 0; i < ARRAY_SIZE(reach_hosts); i++) {
		unsigned before = atomic_load(&reach_connected);
		char url[100], plain[100], name[700];
		struct http_request request = foreign(url);
		struct got literal, named;
		unsigned literal_tried, named_tried;
		size_t size = strlen(reach_hosts[i].host);
		bool six = reach_hosts[i].host[0] == '[';

		request.allow_loopback_http = false;
		/* Written in the address: */
		snprintf(url, sizeof(url), "https://%s/a.png", reach_hosts[i].host);
		literal = fetch(client, &request);
		literal_tried = atomic_load(&reach_connected) - before;
		/* And found for a name. */
		snprintf(plain, sizeof(plain), "%.*s", (int)(six ? size - 2 : size),
		        reach_hosts[i].host + six);
		reach_names[0].name = "name.test";
		reach_names[0].addresses[0] = plain;
		snprintf(url, sizeof(url), "https://name.test:%zu/a.png", 1000 + i);
		named = fetch(client, &request);
		named_tried = atomic_load(&reach_connected) - before - literal_tried;
		reach_names[0].name = NULL;
		snprintf(name, sizeof(name), "%s: outcomes %d, %d, %s; %s", reach_hosts[i].host,
		        literal.outcome, named.outcome, literal.error, named.error);
		if (reach_hosts[i].open)
			OK_NAMED(literal.outcome == HTTP_NOT_SENT &&
			                 named.outcome == HTTP_NOT_SENT && literal_tried == 1 &&
			                 named_tried == 1,
			        name);
		else
			OK_NAMED(literal.outcome == HTTP_BAD_URL && named.outcome == HTTP_BAD_URL &&
			                 literal_tried == 0 && named_tried == 0 &&
			                 strstr(named.error, "not public"),
			        name);
	}
}

static void reach_name(size_t i, const char *name, const char *first, const char *second, bool all)
{
	reach_names[i].name = name;
	reach_names[i].addresses[0] = first;
	reach_names[i].addresses[1] = second;
	reach_names[i].all = all;
	atomic_store(&reach_names[i].looked_up, 0);
}

static int reach_port_of(const struct server *server)
{
	return (int)strtol(strrchr(server->url, ':') + 1, NULL, 10);
}

/* What a name leads to is judged by the address that is connected to. */
static void test_reach_names(void)
{
	SERVER(internet, {NULL, HANG});
	SERVER(here, {PLAIN, KEEP});
	CLIENT(client);
	char url[200];
	struct http_request request = foreign(url);
	struct got got;

	atomic_store(&reach_port, reach_port_of(internet));
	atomic_store(&reach_connected, 0);
	request.timeout_ms = 300;
	/* A public machine is connected to; ours does not speak TLS. */
	reach_name(0, "good.test", "93.184.216.34", NULL, false);
	snprintf(url, sizeof(url), "https://good.test/");
	got = fetch(client, &request);
	OK(got.outcome == HTTP_NOT_SENT && atomic_load(&reach_connected) == 1);
	/* Of several addresses those that may be are tried. */
	reach_name(0, "both.test", "10.0.0.1", "93.184.216.34", true);
	snprintf(url, sizeof(url), "https://both.test/");
	got = fetch(client, &request);
	OK(got.outcome == HTTP_NOT_SENT && atomic_load(&reach_connected) == 2);
	reach_name(0, "none.test", "10.0.0.1", "fd00::1", true);
	snprintf(url, sizeof(url), "https://none.test/");
	got = fetch(client, &request);
	OK(got.outcome == HTTP_BAD_URL && atomic_load(&reach_connected) == 2);
	OK_TEXT(got.error, "it leads to an address that is not public");
	/* A name that leads to this machine, whether it may be asked in the clear or not. */
	reach_name(0, "here.test", "127.0.0.1", NULL, false);
	snprintf(url, sizeof(url), "https://here.test:%d/", reach_port_of(here));
	got = fetch(client, &request);
	OK(got.outcome == HTTP_BAD_URL);
	request.allow_loopback_http = false;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_BAD_URL && atomic_load(&here->connections) == 0);
	/* What the user chose may be anywhere. */
	request = get(url);
	request.timeout_ms = 300;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_NOT_SENT && atomic_load(&here->connections) == 1);
	reach_names[0].name = NULL;
	atomic_store(&reach_port, 0);
}

/* Each hop is judged, and by its own lookup. */
static void test_reach_redirects(void)
{
	static const struct {
		const char *target, *error;
	} cases[] = {{"http://169.254.169.254/latest", "plain http"},
	        {"https://169.254.169.254/latest", "not public"},
	        {"https://[::ffff:10.0.0.1]/", "not public"}, {"https://0xa9fea9fe/", "not public"},
	        {"https://private.test/", "not public"}, {"file:///etc/passwd", "only https"},
	        {"https://user:word@example.com/", "password"},
	        {"https://user@example.com/", "password"}, {"gopher://example.com/", "only https"}};
	CLIENT(client);
	size_t i;

	reach_name(0, "private.test", "192.168.1.1", NULL, false);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char text[300];
		struct answer answer = {text, KEEP, 0, 0};
		CLEANUP(server_free_p) struct server *server = NULL;
		struct http_request request;
		struct got got;

		snprintf(text, sizeof(text),
		        "HTTP/1.1 302 A\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
		        cases[i].target);
		server = server_new(&answer, 1, false);
		request = foreign(server->url);
		got = fetch(client, &request);
		OK_NAMED(got.outcome == HTTP_BAD_URL && got.status == 302 &&
		                 strncmp(got.error, "redirect refused: ", 18) == 0 &&
		                 strstr(got.error, cases[i].error),
		        got.error);
	}
	reach_names[0].name = NULL;
	OK(atomic_load(&reach_connected) == 0);
}

/* A name whose address changes between two looks. */
static void test_reach_rebinding(void)
{
	CLIENT(client);
	struct http_request request = foreign("https://rebind.test/");
	struct got got;

	atomic_store(&reach_connected, 0);
	reach_name(0, "rebind.test", "93.184.216.34", "10.0.0.1", false);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_NOT_SENT && atomic_load(&reach_connected) == 1);
	/* Another client has not looked it up yet. */
	{
		CLIENT(other);

		got = fetch(other, &request);
		OK(got.outcome == HTTP_BAD_URL && atomic_load(&reach_connected) == 1);
	}
	reach_names[0].name = NULL;
}

/* Proxies may be in the private network, and look up names themselves. */
static void test_reach_proxy(void)
{
	SERVER(proxy, {"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", KEEP});
	CLIENT(client);
	struct http_request request = foreign("https://good.test/");
	struct got got;

	atomic_store(&reach_port, reach_port_of(proxy));
	reach_name(0, "proxy.test", "10.0.0.1", NULL, false);
	reach_name(1, "direct.test", "10.0.0.2", NULL, false);
	reach_proxy("http://proxy.test:3128/", NULL);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_NOT_SENT && server_got(proxy, "CONNECT good.test:443"));
	/* What is written as an address needs no lookup. */
	request.url = "https://10.0.0.3/";
	got = fetch(client, &request);
	OK(got.outcome == HTTP_BAD_URL && atomic_load(&proxy->requests) == 1);
	/* Some hosts are excepted from the proxy: they are checked. */
	reach_proxy("http://proxy.test:3128/", "direct.test");
	request.url = "https://good.test/";
	got = fetch(client, &request);
	OK(got.outcome == HTTP_NOT_SENT && atomic_load(&proxy->requests) == 2);
	request.url = "https://direct.test/";
	got = fetch(client, &request);
	OK(got.outcome == HTTP_BAD_URL && atomic_load(&proxy->connections) == 2);
	/* Also where the port is the proxy's. */
	request.url = "https://direct.test:3128/";
	got = fetch(client, &request);
	OK(got.outcome == HTTP_BAD_URL && atomic_load(&proxy->connections) == 2);
	reach_names[0].name = reach_names[1].name = NULL;
	atomic_store(&reach_port, 0);
	reach_proxy(NULL, NULL);
}

static void test_reach_long(void)
{
	static char url[6000], name[5001], location[6000];
	SERVER(server, {PLAIN, KEEP}, {location, KEEP}, {location, KEEP});
	CLIENT(client);
	struct http_request request = foreign(url);
	struct got got;

	memset(name, 'a', sizeof(name) - 1);
	snprintf(url, sizeof(url), "https://%s/", name);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_BAD_URL);
	OK_TEXT(got.error, "the host's name is too long");
	/* The name of a file may be as long. */
	snprintf(url, sizeof(url), "%s%s.png", server->url, name);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && got.status == 200);
	OK(server_got(server, name));
	snprintf(location, sizeof(location),
	        "HTTP/1.1 302 A\r\nLocation: https://%s/\r\nContent-Length: 0\r\n\r\n", name);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_BAD_URL && got.status == 302);
	OK_TEXT(got.error, "redirect refused: the host's name is too long");
}

/* A download has an ordinary agent's name, and nothing of the API's. */
static void test_reach_headers(void)
{
	SERVER(server,
	        {"HTTP/1.1 302 A\r\nLocation: /b\r\nSet-Cookie: a=b\r\nContent-Length: "
	         "0\r\n\r\n",
	                KEEP},
	        {PLAIN, KEEP});
	CLIENT(client);
	struct http_request request = foreign(server->url);
	struct got got = fetch(client, &request);

	OK(got.outcome == HTTP_ANSWERED && server_got(server, "GET /b "));
	OK(server_got(server, "\r\nUser-Agent: darkroom-test/1\r\n"));
	OK(!server_got(server, "Authorization") && !server_got(server, "X-Key"));
	OK(!server_got(server, "Cookie") && !server_got(server, "Referer"));
}

static void test_reach(void)
{
	size_t i;
	char *kept[ARRAY_SIZE(reach_variables)] = {NULL};

	for (i = 0; i < ARRAY_SIZE(kept); i++) {
		const char *value = getenv(reach_variables[i]);

		kept[i] = value ? strdup(value) : NULL;
		unsetenv(reach_variables[i]);
	}
	test_reach_hosts();
	test_reach_names();
	atomic_store(&reach_connected, 0);
	test_reach_redirects();
	test_reach_rebinding();
	test_reach_proxy();
	test_reach_long();
	test_reach_headers();
	for (i = 0; i < ARRAY_SIZE(kept); i++) {
		if (kept[i])
			setenv(reach_variables[i], kept[i], 1);
		free(kept[i]);
	}
}
