import { BlockList, isIP, isIPv4 } from "node:net";

/** Ranges that are not the open internet: this machine, private and shared networks, metadata services, multicast, tests. */
const V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
/** Only 2000::/3 is the open internet; of that not what carries an IPv4 address inside, nor what is for examples. */
const V6_PUBLIC = "2000::/3";
const V6_EXCEPT = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

const closedV4 = listOf(V4, "ipv4");
const openV6 = listOf([V6_PUBLIC], "ipv6");
const exceptV6 = listOf(V6_EXCEPT, "ipv6");

/** Whether an IP address belongs to the open internet. Anything else, a name among it, does not. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !closedV4.check(address, "ipv4");
  if (isIP(address) !== 6 || address.includes("%")) return false;
  return openV6.check(address, "ipv6") && !exceptV6.check(address, "ipv6");
}

function listOf(ranges: readonly string[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = "", bits] = range.split("/");
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}
