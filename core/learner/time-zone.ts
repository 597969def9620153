import { IANAZone } from 'luxon';

/** Whether a name is a zone of the IANA time zone database, such as Asia/Shanghai; fixed offsets are not. */
export function isTimeZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name);
}

/**
 * The IANA zone that a person means: an IANA name in any case, or a well-known city in Chinese or
 * English ("上海", "new york").
 *
 * @returns undefined when it is none of these.
 */
export function parseTimeZone(text: string): string | undefined {
  const wanted = normalise(text);
  if (wanted === '') return undefined;
  const known = zonesByName().get(wanted);
  if (known !== undefined) return known;
  const name = text.trim().replaceAll(' ', '_');
  return isTimeZone(name) ? name : undefined;
}

/** What is refused at the edge when a zone is not known. */
export function timeZoneProblem(text: string): string {
  return `"${text}" is not a time zone: give an IANA name such as Asia/Shanghai or Europe/London, or a large city`;
}

/** Cities that name no zone themselves, and the Chinese names of those that do. */
const cities: Record<string, readonly string[]> = {
  'Asia/Shanghai': [
    ...['china', 'beijing', 'peking', 'shenzhen', 'guangzhou', 'hangzhou', 'chengdu', 'wuhan', 'nanjing', 'xian'],
    ...['中国', '中國', '北京', '上海', '深圳', '广州', '廣州', '杭州', '成都', '武汉', '武漢', '南京', '西安', '重庆'],
    ...['重慶', '天津', '苏州', '蘇州', '长沙', '郑州', '青岛', '厦门', '合肥', '济南', '沈阳', '大连', '昆明', '福州'],
  ],
  'Asia/Urumqi': ['乌鲁木齐', '新疆时间'],
  'Asia/Hong_Kong': ['hongkong', '香港'],
  'Asia/Macau': ['macao', '澳门', '澳門'],
  'Asia/Taipei': ['taiwan', '台北', '臺北', '台湾', '臺灣', '高雄', '台中'],
  'Asia/Singapore': ['新加坡'],
  'Asia/Kuala_Lumpur': ['吉隆坡', 'malaysia', '马来西亚'],
  'Asia/Bangkok': ['曼谷', 'thailand', '泰国'],
  'Asia/Jakarta': ['雅加达'],
  'Asia/Manila': ['马尼拉'],
  'Asia/Ho_Chi_Minh': ['saigon', 'hanoi', '胡志明市', '河内'],
  'Asia/Tokyo': ['japan', 'osaka', 'kyoto', '东京', '東京', '大阪', '日本'],
  'Asia/Seoul': ['korea', '首尔', '首爾', '韩国'],
  'Asia/Kolkata': [
    'india',
    'delhi',
    'new delhi',
    'mumbai',
    'bangalore',
    'bengaluru',
    'chennai',
    '印度',
    '孟买',
    '新德里',
  ],
  'Asia/Kathmandu': ['nepal', '加德满都'],
  'Asia/Dubai': ['abu dhabi', '迪拜', '杜拜'],
  'Asia/Riyadh': ['利雅得'],
  'Asia/Jerusalem': ['tel aviv', '耶路撒冷', '特拉维夫'],
  'Europe/London': ['uk', 'england', 'britain', '伦敦', '倫敦', '英国', 'manchester', 'edinburgh'],
  'Europe/Dublin': ['ireland', '都柏林'],
  'Europe/Paris': ['france', '巴黎', '法国'],
  'Europe/Berlin': ['germany', 'munich', 'hamburg', 'frankfurt', '柏林', '慕尼黑', '法兰克福', '德国'],
  'Europe/Madrid': ['spain', 'barcelona', '马德里', '巴塞罗那'],
  'Europe/Rome': ['italy', 'milan', '罗马', '米兰'],
  'Europe/Amsterdam': ['阿姆斯特丹'],
  'Europe/Zurich': ['geneva', '苏黎世', '日内瓦'],
  'Europe/Stockholm': ['斯德哥尔摩'],
  'Europe/Moscow': ['莫斯科'],
  'Europe/Istanbul': ['伊斯坦布尔'],
  'Africa/Cairo': ['开罗'],
  'Africa/Johannesburg': ['cape town', '约翰内斯堡', '开普敦'],
  'America/New_York': [
    'nyc',
    'boston',
    'washington',
    'miami',
    'philadelphia',
    'atlanta',
    '纽约',
    '紐約',
    '波士顿',
    '华盛顿',
  ],
  'America/Chicago': ['houston', 'dallas', 'austin', '芝加哥', '休斯顿', '达拉斯'],
  'America/Denver': ['丹佛'],
  'America/Los_Angeles': ['la', 'san francisco', 'seattle', 'san diego', '洛杉矶', '洛杉磯', '旧金山', '西雅图'],
  'America/Toronto': ['montreal', 'ottawa', '多伦多', '蒙特利尔'],
  'America/Vancouver': ['温哥华', '溫哥華'],
  'America/Mexico_City': ['墨西哥城'],
  'America/Sao_Paulo': ['rio de janeiro', '圣保罗', '里约热内卢'],
  'America/Argentina/Buenos_Aires': ['布宜诺斯艾利斯'],
  'Australia/Sydney': ['canberra', '悉尼', '雪梨', '堪培拉'],
  'Australia/Melbourne': ['墨尔本', '墨爾本'],
  'Australia/Brisbane': ['布里斯班'],
  'Australia/Perth': ['珀斯'],
  'Pacific/Auckland': ['wellington', '奥克兰', '惠灵顿'],
  'Pacific/Honolulu': ['hawaii', '檀香山', '夏威夷'],
  UTC: ['gmt', 'utc'],
};

let names: Map<string, string> | undefined;

/** Normalised name → zone: whole IANA names, the city within each, and the table above. */
function zonesByName(): Map<string, string> {
  if (names) return names;
  names = new Map();
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    names.set(normalise(zone), zone);
    const city = zone.split('/').at(-1)!;
    if (!names.has(normalise(city))) names.set(normalise(city), zone);
  }
  for (const [zone, aliases] of Object.entries(cities))
    for (const alias of [zone, zone.split('/').at(-1)!, ...aliases]) names.set(normalise(alias), zone);
  return names;
}

function normalise(name: string): string {
  return name
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/市$/, '')
    .replaceAll(/[\s_.'’-]+/g, ' ');
}
